using Microsoft.OpenApi;

namespace Polyphony.Web.Hosting;

/// <summary>The description of the doors for programs at <c>/openapi/v1.json</c>: those under <c>/api</c>, published data and the log; pages and their forms are for people.</summary>
internal static class JsonDoors
{
    private const string PersonalLink = "personalLink";

    public static void AddJsonDoors(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.ShouldInclude = description => IsForPrograms(description.RelativePath ?? "");
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Polyphony", Version = "v1" };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[PersonalLink] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The code of a personal link." };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.RelativePath is { } path && path.Contains("ballot", StringComparison.Ordinal))
            {
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(PersonalLink, context.Document)] = [] }];
                if (HttpMethods.IsPost(context.Description.HttpMethod ?? ""))
                {
                    (operation.Parameters ??= []).Add(new OpenApiParameter
                    {
                        Name = "Idempotency-Key",
                        In = ParameterLocation.Header,
                        Required = true,
                        Description = "128 random bits or more, the same when the same ballot is sent again.",
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    });
                }
            }

            return Task.CompletedTask;
        });
    });

    private static bool IsForPrograms(string path) =>
        path.StartsWith("api/", StringComparison.Ordinal) || path.StartsWith("log/", StringComparison.Ordinal)
        || (path.StartsWith("d/", StringComparison.Ordinal) && (path.EndsWith(".json", StringComparison.Ordinal) || path.EndsWith(".csv", StringComparison.Ordinal)));
}
