"""Has a bug."""


class Engine:
    def render(self, job, photos, report):
        raise ZeroDivisionError("the secret of the engine room")


def load(device, models):
    return Engine()
