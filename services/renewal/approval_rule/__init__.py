"""The approval rule of a province: unchanged and clean requests are approved without a person, but for a tenth that is left for people."""
