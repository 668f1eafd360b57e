"""What the tests of the server under strain share: a server to start and kill, clients, traffic, nonsense."""
