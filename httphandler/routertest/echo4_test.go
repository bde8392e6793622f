package routertest

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

func mountEchoV4(user http.Handler) served {
	e := echo.New()
	e.Any("/users/:userId", func(c echo.Context) error {
		c.Request().SetPathValue("userId", c.Param("userId"))
		user.ServeHTTP(c.Response(), c.Request())
		return nil
	})
	return onNetHTTP{e}
}

func echoV4ByMethod(get, patch http.Handler) served {
	e := echo.New()
	e.GET("/users/:userId", echo.WrapHandler(get))
	e.PATCH("/users/:userId", echo.WrapHandler(patch))
	return onNetHTTP{e}
}
