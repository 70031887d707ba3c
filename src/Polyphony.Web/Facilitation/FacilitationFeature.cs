using Polyphony.Web.Audiences;

namespace Polyphony.Web.Facilitation;

/// <summary>A facilitator's table: what is on, who has come, help, and the tablet that goes round.</summary>
internal static class FacilitationFeature
{
    public static void MapFacilitation(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder facilitator = app.MapFacilitator();
        ShowConsole.Map(facilitator);
        AskForHelp.Map(facilitator);
        GiveTurn.Map(facilitator);
    }
}
