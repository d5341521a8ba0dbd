"""Instalment deals that end early: estimates for everybody, requests, the bank's quotes and what became of them.

The hub moves no money: a bank says what is to be paid and that it came.
"""
