"""A real OpenID Connect provider beside the portal, as a broker of eHerkenning or an inspectorate has one."""
