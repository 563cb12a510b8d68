"""The same runs on many processes and machines. A message is only a wake-up; the rows are the truth.

`python -m workers` starts a worker; `workers.tasks.submit` sends a run to them. Needs the extra [workers] and a broker.
"""
