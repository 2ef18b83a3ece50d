// The pages that describe the API. Each POST that is tried gets a key of its own, so that a click is never answered twice.
"use strict";

const swagger = document.getElementById("swagger-ui");

if (swagger) {
  window.SwaggerUIBundle({
    url: swagger.dataset.schema,
    domNode: swagger,
    deepLinking: true,
    persistAuthorization: false,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => {
      if (!["GET", "HEAD"].includes(request.method)) {
        request.headers["X-CSRFToken"] = swagger.dataset.csrf;
      }
      if (request.method === "POST" && !request.headers["Idempotency-Key"]) {
        request.headers["Idempotency-Key"] = window.crypto.randomUUID();
      }
      return request;
    },
  });
}
