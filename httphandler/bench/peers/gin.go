package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/gin-gonic/gin"
	"gorm.io/gorm"
)

// mediaType is what requests and answers have.
const mediaType = "application/vnd.api+json"

// serveGin serves the users, which it first creates from a file of JSON lines. It
// prints its address, and serves until it is killed.
func serveGin(database, settings, users string, stdout io.Writer) error {
	db, err := open(database, settings)
	if err != nil {
		return err
	}
	if err := seed(db, users); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(stdout, "Listening on %s\n", listener.Addr()); err != nil {
		return err
	}
	return http.Serve(listener, newRouter(db))
}

// newRouter is gin.Default without its logger, which would write a line for each
// request.
func newRouter(db *gorm.DB) http.Handler {
	gin.SetMode(gin.ReleaseMode)
	r := gin.New()
	r.Use(gin.Recovery())
	r.PATCH("/users/:userId", authenticate, func(c *gin.Context) { patch(c, db) })
	return r
}

// tokens are those that may write.
var tokens = map[string]bool{"Bearer demo-token": true}

func authenticate(c *gin.Context) {
	if !tokens[c.GetHeader("Authorization")] {
		c.Header("WWW-Authenticate", "Bearer")
		refuse(c, http.StatusUnauthorized)
	}
}

// patch is the handler as the guides of gin and gorm put it together: bind, First,
// Updates, answer.
func patch(c *gin.Context, db *gorm.DB) {
	var d document
	if err := c.ShouldBindJSON(&d); err != nil || d.Data.ID != c.Param("userId") {
		refuse(c, http.StatusUnprocessableEntity)
		return
	}
	var user User
	switch err := db.First(&user, "id = ?", d.Data.ID).Error; {
	case errors.Is(err, gorm.ErrRecordNotFound):
		refuse(c, http.StatusNotFound)
		return
	case err != nil:
		refuse(c, http.StatusInternalServerError)
		return
	}
	if err := db.Model(&user).Updates(User{Attributes: d.Data.Attributes}).Error; err != nil {
		refuse(c, http.StatusInternalServerError)
		return
	}
	c.Header("Content-Type", mediaType) // gin sets its own only if there is none
	c.JSON(http.StatusOK, answerOf(user))
}

func refuse(c *gin.Context, status int) {
	c.Header("Content-Type", mediaType)
	c.AbortWithStatusJSON(status, gin.H{"errors": []gin.H{{"status": fmt.Sprint(status), "title": http.StatusText(status)}}})
}
