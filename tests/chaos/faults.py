"""The faults that a chaos run draws from: each breaks one thing of a running stack and heals it again."""
import os
import signal
import time

STAGES = ("validator", "agency_matcher", "statistics_aggregator", "notification")
SERVICES = ("gateway", *STAGES, "query")
BEYOND_SESSION_S = 14  # the consumers' session time-out is 10 s


def _signal(stack, part, number):
    for pid in stack.pids(part):
        os.kill(pid, number)


def kill(part):
    def fault(stack, _random):
        _signal(stack, part, signal.SIGKILL)
    fault.__name__ = f"SIGKILL {part}"
    return fault


def stall(part):
    def fault(stack, _random):
        pids = stack.pids(part)
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            time.sleep(BEYOND_SESSION_S)
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
    fault.__name__ = f"SIGSTOP {part} beyond its session"
    return fault


def stop_database(stack, random):
    stack.command("part", "stop", "postgresql", "--now")
    time.sleep(random.uniform(0, 4))
    stack.command("part", "start", "postgresql")


stop_database.__name__ = "PostgreSQL immediate stop"


def restart_broker(stack, random):
    stack.command("part", "stop", "kafka", "--now")
    time.sleep(random.uniform(0, 3))
    stack.command("part", "start", "kafka")


restart_broker.__name__ = "broker SIGKILL"

# Every kind comes before any comes again.
ALL = [*(kill(part) for part in SERVICES), restart_broker, stop_database, *(stall(part) for part in STAGES[:3])]
CHEAP = [*(kill(part) for part in SERVICES), restart_broker, stop_database]
