"""What a reply claims: every value that is either true or false."""
