"""The commands of `tamdid`, a folder for each part of the work; `clients.admin.main` registers them."""
