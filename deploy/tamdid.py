"""The program `tamdid`: the command line of `clients.admin`, with the commands for this machine's own files and databases."""

from clients.admin import main
from deploy.commands import backup, database, restore

app = main.app
app.add_typer(backup.app, name="backup")
app.add_typer(restore.app, name="restore")
app.add_typer(database.app, name="database")

if __name__ == "__main__":
    app(prog_name="tamdid")
