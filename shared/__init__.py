"""What all programs speak and stand on, and nothing of any one of them."""
