"""How the command line reaches the services: one client port, over the gateway's HTTP API or straight over AMQP."""
