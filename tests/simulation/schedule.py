"""What may happen in a step of a run, drawn by lot: people act, programs work, faults strike, time goes by."""

from datetime import timedelta

from tests.simulation.world import World

HEALS = 0.2
JUMPS_MINUTES = (-90, -5, 10, 25, 25, 25, 45, 60 * 26, 60 * 24 * 9)
WRONG_MINUTES = (-60, -10, 0, 10, 50)


class Schedule:
    """The lot for one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.scene = world.scene
        self.chance = world.chance
        people = world.people
        actions = {
            people.a_member_acts: 24,
            people.a_manager_acts: 11,
            people.the_registrar_acts: 2,
            people.somebody_pays: 8,
            people.the_bank_notifies: 3,
            world.post.one_that_is_late: 4,
            self.a_relay_turns: 14,
            self.a_subscription_turns: 26,
            self.payment_looks_around: 3,
            world.operator.acts: 3,
            world.policy_comes: 0.3,
            self.clocks_move: 2,
            world.broker.let_go: 2,
            self.something_breaks: 3,
        }
        self.actions, self.weights = list(actions), list(actions.values())
        self.scene.something_else = self.act

    def act(self) -> None:
        """One step, also in the middle of another one."""
        (action,) = self.chance.choices(self.actions, self.weights)
        action()

    def a_relay_turns(self) -> None:
        self.world.publish(self.chance.choice(self.world.every_process))

    def a_subscription_turns(self) -> None:
        subscription = self.chance.choice(self.world.subscriptions)
        self.world.work(subscription.process, subscription.turn)

    def payment_looks_around(self) -> None:
        self.world.look_around(self.chance.choice(self.world.processes["payment"]))

    def clocks_move(self) -> None:
        """Time goes by, clocks are put right, or one clock alone is wrong from now on."""
        if self.chance.happens(self.scene.weather.clock_jumps):
            minutes = self.chance.choice(JUMPS_MINUTES)
            self.scene.now += timedelta(minutes=minutes)
            self.scene.tell(f"the clocks jump by {minutes} minutes")
        elif self.chance.happens(self.scene.weather.clock_jumps):
            process = self.chance.choice(self.world.every_process)
            process.skew = timedelta(minutes=self.chance.choice(WRONG_MINUTES))
            self.scene.tell(f"the clock of {process.name} is wrong by {process.skew}")

    def something_breaks(self) -> None:
        """A process ends between two pieces of work, the broker forgets everything, a disk is full or has room again."""
        weather, process = self.scene.weather, self.chance.choice(self.world.every_process)
        is_at_work = any(frame.process is process for frame in self.scene.frames)
        if not is_at_work and self.chance.happens(weather.crash):
            self.scene.tell(f"{process.name} is killed")
            self.scene.tally["crashes"] += 1
            process.restart()
        if self.chance.happens(weather.emptied):
            self.scene.tell("the broker is emptied")
            self.world.broker.empty()
        if process in self.scene.full_disks:
            self.scene.full_disks.remove(process)
        elif self.chance.happens(weather.disk_fills):
            self.scene.tell(f"the disk of {process.name} is full")
            self.scene.tally["disks filled"] += 1
            self.scene.full_disks.add(process)
        if self.chance.happens(HEALS):
            self.world.witness.heal()
            self.scene.broken_parkings.clear()
        elif self.chance.happens(weather.parking_fails):
            self.scene.tell(f"{process.program.name} can park nothing")
            self.scene.broken_parkings.add(process.program.name)
