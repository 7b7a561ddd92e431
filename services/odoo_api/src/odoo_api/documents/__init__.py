"""Files that people write, made into text that can be found and quoted."""
