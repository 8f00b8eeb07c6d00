"""Brings a bare machine to where the project runs; standard library only.

It runs before anything is installed, with the system's Python 3.11, and is
called by the Makefile. Nothing of the project imports it.
"""
