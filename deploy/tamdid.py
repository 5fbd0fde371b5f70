"""The program `tamdid`: the command line of `clients.admin`, with the commands for this machine's own files and databases."""

from clients.admin import main
from clients.admin.commands.notices import sent
from clients.admin.commands.operations import reconciliation
from clients.admin.context import command
from deploy.commands import backup, database, notice_templates, restore, serve

app = main.app
app.command("serve")(serve.serve)
app.add_typer(backup.app, name="backup")
app.add_typer(restore.app, name="restore")
command(restore.app, "reconcile")(reconciliation.reconcile)
command(restore.app, "cases")(reconciliation.cases)
command(restore.app, "settle")(reconciliation.settle)
app.add_typer(database.app, name="database")
sent.app.add_typer(notice_templates.app, name="templates")

if __name__ == "__main__":
    app(prog_name="tamdid")
