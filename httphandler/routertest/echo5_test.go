package routertest

import (
	"net/http"

	"github.com/labstack/echo/v5"
)

func mountEchoV5(user http.Handler) served {
	e := echo.New()
	e.Any("/users/:userId", echo.WrapHandler(user))
	return onNetHTTP{e}
}

func echoV5ByMethod(get, patch http.Handler) served {
	e := echo.New()
	e.GET("/users/:userId", echo.WrapHandler(get))
	e.PATCH("/users/:userId", echo.WrapHandler(patch))
	return onNetHTTP{e}
}
