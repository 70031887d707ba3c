using Polyphony.Web.Accounts;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Hosting;

/// <summary>Every feature of the server, one line each.</summary>
internal static class Features
{
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddAccounts();
        services.AddJobs();
    }

    public static void MapFeatures(this IEndpointRouteBuilder app)
    {
        app.MapAccounts();
    }
}
