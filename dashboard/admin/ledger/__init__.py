"""The history as pages: change sets, what they changed, who may see them, and taking them back."""
