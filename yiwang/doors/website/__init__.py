"""The public site: notices, projects, search and feeds, as files that anyone may read.

Written by a reader of the journal: what is public appears, what is not yet public cannot."""
