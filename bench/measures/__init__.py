"""What is measured: which sides are compared, and with which goal."""
