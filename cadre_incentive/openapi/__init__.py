"""The REST API of the app as OpenAPI 3.1: what the user may do, generated from DocTypes and typed methods."""
