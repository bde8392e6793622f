package routertest

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

func init() { gin.SetMode(gin.ReleaseMode) } // which prints no routes

func mountGin(user http.Handler) served {
	r := gin.New()
	r.Any("/users/:userId", gin.WrapH(user))
	return onNetHTTP{r}
}

func ginByMethod(get, patch http.Handler) served {
	r := gin.New()
	r.GET("/users/:userId", gin.WrapH(get))
	r.PATCH("/users/:userId", gin.WrapH(patch))
	return onNetHTTP{r}
}
