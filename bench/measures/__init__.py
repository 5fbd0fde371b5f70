"""What is measured: which sides meet, and which goal their outcome is held against."""
