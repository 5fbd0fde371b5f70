"""The random schedule of a run: in each step a user acts, a program works, a fault is injected or time passes."""

from datetime import timedelta

from tests.simulation.world import World

HEALS = 0.2
JUMPS_MINUTES = (-90, -5, 10, 25, 25, 25, 45, 60 * 26, 60 * 24 * 9)
WRONG_MINUTES = (-60, -10, 0, 10, 50)


class Schedule:
    """Draws the actions of one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.environment = world.environment
        self.random = world.random
        users = world.users
        actions = {
            users.a_member_acts: 24,
            users.a_manager_acts: 11,
            users.the_registrar_acts: 2,
            users.a_member_pays: 8,
            users.the_bank_notifies: 3,
            world.network.deliver_late_request: 4,
            self.a_relay_turns: 14,
            self.a_subscription_turns: 26,
            self.payment_reconciles: 3,
            world.operator.acts: 3,
            world.load_policies: 0.3,
            self.clocks_move: 2,
            world.broker.release_delayed: 2,
            self.something_breaks: 3,
        }
        self.actions, self.weights = list(actions), list(actions.values())
        self.environment.any_action = self.act

    def act(self) -> None:
        """One step, also in the middle of another one."""
        (action,) = self.random.choices(self.actions, self.weights)
        action()

    def a_relay_turns(self) -> None:
        self.world.publish(self.random.choice(self.world.every_process))

    def a_subscription_turns(self) -> None:
        subscription = self.random.choice(self.world.subscriptions)
        self.world.work(subscription.process, subscription.turn)

    def payment_reconciles(self) -> None:
        self.world.reconcile_payments(self.random.choice(self.world.processes["payment"]))

    def clocks_move(self) -> None:
        """Time goes by, clocks are put right, or one clock alone is wrong from now on."""
        if self.random.occurs(self.environment.fault_rates.clock_jumps):
            minutes = self.random.choice(JUMPS_MINUTES)
            self.environment.now += timedelta(minutes=minutes)
            self.environment.log_step(f"the clocks jump by {minutes} minutes")
        elif self.random.occurs(self.environment.fault_rates.clock_jumps):
            process = self.random.choice(self.world.every_process)
            process.skew = timedelta(minutes=self.random.choice(WRONG_MINUTES))
            process.has_had_wrong_clock = True
            self.environment.log_step(f"the clock of {process.name} is wrong by {process.skew}")

    def something_breaks(self) -> None:
        """A process ends between two pieces of work, the broker forgets everything, a disk is full or has room again."""
        fault_rates, process = self.environment.fault_rates, self.random.choice(self.world.every_process)
        is_at_work = any(frame.process is process for frame in self.environment.frames)
        if not is_at_work and self.random.occurs(fault_rates.crash):
            self.environment.log_step(f"{process.name} is killed")
            self.environment.tally["crashes"] += 1
            process.restart()
        if self.random.occurs(fault_rates.broker_emptied):
            self.environment.log_step("the broker is emptied")
            self.world.broker.empty()
        if process in self.environment.full_disks:
            self.environment.full_disks.remove(process)
        elif self.random.occurs(fault_rates.disk_fills):
            self.environment.log_step(f"the disk of {process.name} is full")
            self.environment.tally["disks filled"] += 1
            self.environment.full_disks.add(process)
        if self.random.occurs(HEALS):
            self.world.recorder.repair_handlers()
            self.environment.broken_parkings.clear()
        elif self.random.occurs(fault_rates.parking_fails):
            self.environment.log_step(f"{process.program.name} can park nothing")
            self.environment.broken_parkings.add(process.program.name)
