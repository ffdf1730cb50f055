"""What is asked: cases by filter and words, figures."""
