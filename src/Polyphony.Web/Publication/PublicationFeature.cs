using Polyphony.Web.Audiences;

namespace Polyphony.Web.Publication;

/// <summary>Results: what passes the disclosure gate, published, corrected, taken back.</summary>
internal static class PublicationFeature
{
    public static void AddPublication(this IServiceCollection services)
    {
        services.AddScoped<SessionCounter>();
        services.AddSingleton<ResultSnapshots>();
    }

    public static void MapPublication(this IEndpointRouteBuilder app)
    {
        PublishResults.Map(app.MapOrganiser(), app.MapStaffReader());
        ShowResults.Map(app);
    }
}
