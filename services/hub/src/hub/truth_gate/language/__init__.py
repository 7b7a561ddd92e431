"""How a text is read: letters, words, sentences, moods, in Portuguese, Spanish and English."""
