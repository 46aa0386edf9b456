"""Starts what the application needs around it: packages, database, broker, processes.

Only `bin/*` use it, partly before the virtual environment exists: standard library only, no Django.
"""
