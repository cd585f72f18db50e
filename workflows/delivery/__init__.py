"""Delivery: how content leaves and enters Overgang, a folder per channel."""
