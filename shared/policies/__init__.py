"""Rules that several services go by: policies of a year in data files, what a capacity policy says, and who may grant what."""
