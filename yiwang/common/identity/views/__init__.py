"""The pages of identity: logging in, registering, reviewing."""
