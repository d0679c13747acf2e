"""Django's backend for PostgreSQL with quicker compilers; the name of the package is what ENGINE wants."""
