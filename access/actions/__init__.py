"""Verbs on roles, accounts, codes and removals."""
