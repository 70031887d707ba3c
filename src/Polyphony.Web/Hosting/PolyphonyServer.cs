using Microsoft.AspNetCore.Http.Features;
using Polyphony.Storage;
using Polyphony.Storage.Connections;
using Polyphony.Web.Audiences;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Hosting;

/// <summary>Puts the server together; tests and the rehearsal start the same one.</summary>
internal static class PolyphonyServer
{
    public const string DefaultAddress = "http://localhost:5080";

    public static WebApplicationBuilder CreateBuilder(params string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = "Polyphony.Web",
            ContentRootPath = FindContent(),
        });
        builder.Configuration.AddJsonFile(Path.Combine(builder.Environment.ContentRootPath, "appsettings.json"), optional: true);
        builder.Configuration.AddEnvironmentVariables();
        builder.Configuration.AddCommandLine(args);
        return builder;
    }

    public static WebApplication Build(WebApplicationBuilder builder)
    {
        PolyphonyOptions options = builder.Configuration.GetSection(PolyphonyOptions.Section).Get<PolyphonyOptions>() ?? new();
        DataDirectory data = new(options, builder.Environment.ContentRootPath);
        data.Create();

        IServiceCollection services = builder.Services;
        services.AddOptions<PolyphonyOptions>().BindConfiguration(PolyphonyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(data);
        services.AddSingleton<PublicAddress>();
        services.AddHostedService<RunningServer>();
        services.AddHostedService<DeliverMail>();
        services.AddStorage(DatabaseAddress.Parse(options.Database, data.Root));
        services.AddKeyRing(options, data, builder.Environment.ContentRootPath);
        services.AddHttpContextAccessor();
        services.AddRazorComponents();
        services.AddJsonDoors();
        services.Configure<RouteHandlerOptions>(route => route.ThrowOnBadRequest = false);
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow);
        services.Configure<FormOptions>(form =>
        {
            form.MultipartBodyLengthLimit = UploadLimits.Request;
            form.ValueCountLimit = 2_048;
            form.ValueLengthLimit = 64 * 1024;
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = UploadLimits.Ordinary;
            kestrel.Limits.MaxConcurrentConnections = 5_000;
        });
        services.AddTelemetry(builder.Configuration);

        // Its entries and the scope around every other entry carry the full path, and a citizen's path is a secret.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        services.AddAudiences();
        services.AddRateLimits();
        services.AddFeatures();

        WebApplication app = builder.Build();
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        app.UseResultSnapshots();
        app.UseFailurePages();
        app.UseStaticFiles(StaticContent.Options);
        app.UseRouting();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<AudienceGate>();
        app.UseAntiforgery();
        app.MapHealth();
        app.MapOpenApi().ForAudience(Audience.Public);
        app.MapFeatures();
        return app;
    }

    /// <summary>Applies migrations and whatever else must be there before the first request.</summary>
    public static async Task PrepareAsync(WebApplication app, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = app.Services.CreateAsyncScope();
        await Migrator.MigrateAsync(scope.ServiceProvider.GetRequiredService<Db>(), TimeProvider.System, cancellationToken);
    }

    /// <summary>The directory that holds <c>wwwroot</c>: beside the program when published, the project when built from source.</summary>
    private static string FindContent()
    {
        if (Directory.Exists(Path.Combine(AppContext.BaseDirectory, "wwwroot")))
        {
            return AppContext.BaseDirectory;
        }

        for (DirectoryInfo? directory = new(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            string project = Path.Combine(directory.FullName, "src", "Polyphony.Web");
            if (Directory.Exists(Path.Combine(project, "wwwroot")))
            {
                return project;
            }
        }

        return Directory.GetCurrentDirectory();
    }
}

/// <summary>How many bytes a request may carry.</summary>
internal static class UploadLimits
{
    public const long Ordinary = 1024 * 1024;

    public const long File = 10 * 1024 * 1024;

    /// <summary>A file of the greatest size and the form around it.</summary>
    public const long Request = File + (256 * 1024);
}
