package mapping

import "testing"

func TestSecret(t *testing.T) {
	for _, name := range []string{"password", "Password", "PASSWORD", "user_password", "plainTextPassword", "password_plaintext", "Passwort", "mot de passe", "Contraseña", "hasło", "senha", "pass", "Passwd", "account.pwd", "password_hash"} {
		if !Secret(name) || !Forbidden(name) {
			t.Errorf("%s may be read", name)
		}
	}
	for _, name := range []string{"passwordLastSet", "password_changed_at", "Last Password Change", "passport", "bypass", "passed", "pass_rate", "password reset required", "compass"} {
		if Secret(name) {
			t.Errorf("%s is taken for a password", name)
		}
	}
}
