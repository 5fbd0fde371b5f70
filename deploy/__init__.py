"""How Tamdid is put together: the runner, the image, the broker and database set-up; it alone knows everybody."""
