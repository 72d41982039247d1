"""What `make` runs: bootstrap, assets, embedded servers and supervisor.

Standard library only and no imports from the rest of the project: it starts on a bare machine, before
anything is installed, as the top-level package `dev` (see Makefile).
"""
