package routertest

import (
	"net/http"

	"github.com/gofiber/fiber/v3"
	"github.com/gofiber/fiber/v3/middleware/adaptor"
	"github.com/gofiber/fiber/v3/middleware/recover"
)

func mountFiber(user http.Handler) served {
	app := fiber.New(fiber.Config{ReadTimeout: readTimeout})
	app.Use(recover.New())
	app.All("/users/:userId", adaptor.HTTPHandler(user))
	return onFiber{app}
}

func fiberByMethod(get, patch http.Handler) served {
	app := fiber.New()
	app.Get("/users/:userId", adaptor.HTTPHandler(get))
	app.Patch("/users/:userId", adaptor.HTTPHandler(patch))
	return onFiber{app}
}
