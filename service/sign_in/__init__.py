"""Signing people in through an OpenID provider: authorization code with PKCE (OpenID Connect Core 1.0, RFC 9700)."""
