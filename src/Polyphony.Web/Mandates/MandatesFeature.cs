using Polyphony.Web.Audiences;

namespace Polyphony.Web.Mandates;

/// <summary>The mandate of a dialogue and the pages that show it.</summary>
internal static class MandatesFeature
{
    public static void AddMandates(this IServiceCollection services) => services.AddScoped<JourneyReader>();

    public static void MapMandates(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder organiser = app.MapOrganiser();
        RouteGroupBuilder reader = app.MapStaffReader();
        CreateDialogue.Map(app.MapStaff());
        DialogueOverview.Map(reader);
        EditMandate.Map(organiser, reader);
        PublishDialogue.Map(organiser);
        ShowDialogue.Map(app);
    }
}
