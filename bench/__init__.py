"""`make bench`: what the portal's main pages cost beside the least that they could cost."""

FLOORS = "vloer/"  # where the floors' addresses begin
