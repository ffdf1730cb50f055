"""Authentication and authorisation: accounts, roles, sign-in, access tokens, throttling and quotas."""
