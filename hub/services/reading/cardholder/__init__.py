"""What people are shown of what is theirs: their negotiations, their draft, their papers.

Given `tx`, it answers in frozen values; nothing here changes anything.
"""
