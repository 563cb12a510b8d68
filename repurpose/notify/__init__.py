"""Telling others: programs by signed webhooks, groups by WeCom robots, people by mail."""
