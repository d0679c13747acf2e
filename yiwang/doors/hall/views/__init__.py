"""The pages of the hall, a module a matter."""
