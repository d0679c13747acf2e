"""The site: settings, routes, links and the command line; the only place that knows every room."""
