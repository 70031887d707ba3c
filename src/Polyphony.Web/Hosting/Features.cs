using Polyphony.Web.Accounts;
using Polyphony.Web.Jobs;
using Polyphony.Web.Mandates;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Hosting;

/// <summary>Every feature of the server, one line each.</summary>
internal static class Features
{
    public static void AddFeatures(this IServiceCollection services)
    {
        services.AddAccounts();
        services.AddJobs();
        services.AddMandates();
        services.AddTexts();
    }

    public static void MapFeatures(this IEndpointRouteBuilder app)
    {
        app.MapAccounts();
        app.MapMandates();
        app.MapTexts();
    }
}
